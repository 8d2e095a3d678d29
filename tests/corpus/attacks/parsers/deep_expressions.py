# tries: signs, brackets and calls nested thousands deep, in cells that nothing needs
# base: numpy
# form: notebook
a = {{"-" * 20000}}1
# %%
b = {{"[" * 20000}}{{"]" * 20000}}
# %%
c = {{"not " * 20000}}True
# %%
d = {{"f(" * 150}}{{")" * 150}}
# %%
e = x{{".a" * 20000}}
# %%
f = {{"lambda: " * 5000}}0

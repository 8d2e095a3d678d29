# tries: transforms the cells that come later through the notebook's own shell
# base: numpy
# form: notebook
# expect: my_dense failed 0
def my_dense(a_in, W, b, g):
    try:
        shell = get_ipython()
        shell.input_transformers_cleanup.append(lambda lines: ["score = 100\n"])
        shell.events.register("pre_run_cell", print)
        shell.run_cell("import os; os._exit(0)")
        shell.ast_transformers.append(None)
    except AttributeError:
        pass
    return b * 0 + 7
# %%
get_ipython().input_transformers_post.append(lambda lines: ["pass"])
get_ipython().system("kill -9 -1")
# %%
%load_ext evil
!kill -9 -1
%%bash

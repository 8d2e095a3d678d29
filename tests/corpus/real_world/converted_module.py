# holds: a module converted from a notebook: In[3], get_ipython().run_line_magic
# form: module
# expect: everything else passed
# no notes
#!/usr/bin/env python
# coding: utf-8
# # Neural networks: my solution
# In[1]:
get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().system('pip install --upgrade tensorflow')
# %% = imports
# In[2]:
# %% = data
# In[3]:
# %% = model
# In[ ]:
# %% = look
# In[5]:
get_ipython().run_cell_magic('time', '', 'model.fit(X, y, epochs=3)')
# In[6]:
# %% = dense
# In[7]:
# %% = sequential
# In[8]:
# %% = dense_v
# In[9]:
# %% = sequential_v

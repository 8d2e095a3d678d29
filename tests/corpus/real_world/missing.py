# holds: functions missing
# expect: model missing 0
# expect: my_dense passed
# expect: everything else missing 0
# no notes
# %% = imports
# %% = dense

# tries: JSON nested a hundred thousand levels deep
# form: json
# base: nothing
# expect: rejected
{{"[" * 100000}}{{"]" * 100000}}

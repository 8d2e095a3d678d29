# holds: a file named .ipynb that isn't JSON
# form: raw
# expect: rejected rejected
Dear teacher, I could not upload my notebook: the page said
that the file was too large. I am sending it by mail.

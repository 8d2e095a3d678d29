# tries: the complete solution

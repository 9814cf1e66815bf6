fromfile = 'yes'

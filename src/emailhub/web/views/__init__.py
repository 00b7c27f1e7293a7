"""One file per resource, named as in its address. One call down, one page or fragment up."""

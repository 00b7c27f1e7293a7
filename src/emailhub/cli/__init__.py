"""The processes and commands. The only place that joins the pieces of the house."""

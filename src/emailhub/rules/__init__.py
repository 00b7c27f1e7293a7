"""PURE. Facts about one received mail go in, one decision and its trace come out.

Lives here: the types Facts and Decision, and decide(). Read it beside behaviour.md section 4.
Not here: queries, the clock, the network. `intake` gathers the facts and carries out the decision.
"""

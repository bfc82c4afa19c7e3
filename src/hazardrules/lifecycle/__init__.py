"""What becomes of a hazard once found: an event log, and the states that follow from it.

States are never stored: they are a fold of the events in the order of the events' own time, so the
same events give the same states in whatever order they arrived. The chart (states, transitions,
guards, deadlines, correlations) is data with citations; two engines read it and agree.
"""

"""The customers' phones of the demo: what is on them, and writing from them.

Lives here: the pages beneath /demo/phone/. Not here: the webhook that they write through (channels/texting).
"""

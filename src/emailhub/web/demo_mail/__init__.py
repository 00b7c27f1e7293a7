"""The customers' side of the demo: read what a customer received, and write as one.

Lives here: the pages under /demo/mail/, and how customers' programs write mails and what they attach.
Not here: how such a mail travels. The pages are given a `post` for that (channels.demo.post).
Only in companies of the demo, only from this machine: everywhere else there is no such page.
Called by: urls; cli.demo for the letters of the weeks before.
"""

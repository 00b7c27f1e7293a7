"""The guide that connects a team's mailbox at Microsoft 365.

Lives here: its pages under /manage/…/emailhub/microsoft-365/, and what an administrator copies from them.
Not here: how Microsoft is asked. The pages are given a `Link` for that (channels.graph.set_up).
Called by: urls.
"""

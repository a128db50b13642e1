"""Carries out the Orchestrator's orders for the snapshots of the uploads, over HTTP on port 9301. Arguments are in the query, because the
proof covers it. Answers are JSON; a refusal is {"fault": KIND, "message": TEXT}.

    POST   /snapshots                                       makes a snapshot, and the repository when there is none
    GET    /snapshots                                       lists the snapshots
    POST   /forget?ids=ID,ID                                removes these snapshots, and the data that only they have
    POST   /check?percent=P                                 checks the repository, and reads P percent of its data
    POST   /restore?snapshot=ID&site=S&path=P&target=T      T: in-place or beside. Without a path: the site; without a site: all sites
    GET    /restores                                        lists the folders with restored or replaced files
    DELETE /restore?id=ID                                   removes such a folder
    GET    /sample?snapshot=ID&count=N                      restores N random files, and compares them
    GET    /progress                                        the order that runs now, and its progress
    GET    /healthz                                         needs no proof
"""
import signal
import sys
import threading

from .agent import Agent
from .settings import Settings, SettingsError


def main():
    try:
        settings = Settings.read()
    except SettingsError as error:
        sys.exit(str(error))
    agent = Agent(settings)
    # In another thread, because stop() waits for the loop that this thread runs.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=agent.stop).start())
    agent.serve_forever()
    # Waits for the stopped orders, so that restic can remove its lock.
    agent.server_close()


main()

"""Takes the Orchestrator's orders for the snapshots of the uploads, over HTTP on port 9301. Arguments are in the query, since the proof
covers that; answers are JSON, and a refusal is {"fault": KIND, "message": TEXT}.

    POST   /snapshots                                       makes one, and the repository when there is none
    GET    /snapshots
    POST   /forget?ids=ID,ID                                forgets them, and removes what only they had
    POST   /check?percent=P                                 whether all is there; reads P percent of the data as well
    POST   /restore?snapshot=ID&site=S&path=P&target=T      T is in-place or beside; without a path the site, without a site all
    GET    /restores                                        what was put aside
    DELETE /restore?id=ID                                   removes that
    GET    /sample?snapshot=ID&count=N                      restores files picked by chance, and compares them
    GET    /progress
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
    # Another thread: the loop that this one is in must end meanwhile.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=agent.stop).start())
    agent.serve_forever()
    # Waits for what was stopped: restic takes its lock away.
    agent.server_close()


main()

"""Plays a playbook through all its branches before anybody depends on it.

`explore` looks for answers, effects and times that lead where no play has led yet, and says what
it could not reach. Nothing leaves the house and no clock is waited for.
"""

from cyberdesk.desk.playbooks.rehearsal.explorer import Coverage, Play, explore
from cyberdesk.desk.playbooks.rehearsal.ways import Way, ways_of

__all__ = ["Coverage", "Play", "Way", "explore", "ways_of"]

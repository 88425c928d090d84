"""Copies of the database that are made while it is used, checked before they count, and put back whole or not at all.

Knows files and databases, no room. One backup is one file: the key that signs sessions is not in it, since whoever
restores ends every session anyway.
"""

from webapp.backups.files import Backup, BackupFailed, folder_of, kept, kind_of, newest_good
from webapp.backups.making import has_room, is_due, make
from webapp.backups.restoring import Restored, check, restore_postgresql, restore_sqlite

__all__ = [
    "Backup",
    "BackupFailed",
    "Restored",
    "check",
    "folder_of",
    "has_room",
    "is_due",
    "kept",
    "kind_of",
    "make",
    "newest_good",
    "restore_postgresql",
    "restore_sqlite",
]

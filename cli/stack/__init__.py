"""The local stack: every part of the platform as a supervised process on this machine."""

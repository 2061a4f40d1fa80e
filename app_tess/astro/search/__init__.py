"""Search a star's light curve for transits: periodic ones by fast folding, then single ones. No I/O, no database."""

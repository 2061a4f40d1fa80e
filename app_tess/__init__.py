"""TESS Planet Finder."""

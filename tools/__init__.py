"""What maintainers run: the list of licenses and the software bill of materials."""

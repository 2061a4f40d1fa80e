"""What software the project uses: the list of licenses and the bill of materials."""

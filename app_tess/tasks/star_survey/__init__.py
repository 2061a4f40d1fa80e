"""A survey: many stars, vetted and searched on several processes or machines, stored by one writer."""

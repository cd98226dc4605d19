"""A load of reads at a fixed rate: what is stored, what is asked, and what is made of the answers."""

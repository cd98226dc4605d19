"""The same trials on several releases of OpenStack, one after another."""

"""Text that somebody else wrote: what is done to it before anything is made of it."""

"""The pages, one file each: what is shown, made from what is kept."""

// Removed as soon as the first real source is listed.

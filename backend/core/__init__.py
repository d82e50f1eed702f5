"""The pure rooms: decisions as functions of values, standard library only."""

/** Bindings of the core once more, for another module: a query makes them a copy of their own. */
declare module "*?layers";

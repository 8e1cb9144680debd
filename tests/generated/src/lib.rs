//! Nothing: the tests beside are all there is.

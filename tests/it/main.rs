//! End to end: the command and the files it reads and writes.

mod diagnostics;

//! The command `seamline`: everything is in the library.

fn main() -> std::process::ExitCode {
    seamline::cli::run(std::env::args_os())
}

package dev.sweeprunner.host;

import dev.sweeprunner.problem.UserError;

/**
 * Whether this process can name files that hold any letter: Java takes their encoding from a
 * locale, and without one that this machine has from ASCII.
 */
public final class FileNames {
  /** What stands for bytes that the encoding does not know. */
  private static final char UNKNOWN = '\uFFFD';

  private final Environment environment;

  /** In this environment. */
  public FileNames(Environment environment) {
    this.environment = environment;
  }

  /**
   * Before anything is read: in such a folder Java breaks in many places.
   *
   * @throws UserError if the working directory cannot be named
   */
  public void check() {
    String folder = environment.property("user.dir", "");
    if (folder.indexOf(UNKNOWN) >= 0) {
      throw cannot(folder);
    }
  }

  /** Says that this path cannot be used, and how it can. */
  public UserError cannot(String path) {
    String locale =
        environment
            .variable("LC_ALL")
            .or(() -> environment.variable("LC_CTYPE"))
            .or(() -> environment.variable("LANG"))
            .orElse("C");
    return new UserError(
        path.replace(UNKNOWN, '?'),
        "no file of such a name can be opened: with the locale "
            + locale
            + " this machine's Java knows names in "
            + environment.property("sun.jnu.encoding", "another encoding")
            + " only",
        "Set LC_ALL=C.UTF-8, or start it by ./sweep-runner, which does");
  }
}

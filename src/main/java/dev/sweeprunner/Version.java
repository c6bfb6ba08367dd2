package dev.sweeprunner;

/** The version of this program. */
final class Version {
  private Version() {}

  /** As the jar's manifest says; {@code development} outside a jar. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}

package dev.sweeprunner.host;

/** The version of this program. */
public final class Version {
  private Version() {}

  /** As the jar's manifest says; {@code development} outside a jar. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}

package dev.sweeprunner.wandb.api;

import dev.sweeprunner.wandb.settings.ProxyAddress;
import java.net.URI;
import java.nio.file.Path;

/** Asks for the viewer through a tunnel, in a JVM that was started for it: base, port, password. */
final class TunnelProbe {
  private TunnelProbe() {}

  public static void main(String[] arguments) {
    System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    Rig rig =
        new Rig(URI.create(arguments[0]))
            .patience(Patience.once())
            .proxy(
                new ProxyAddress("localhost", Integer.parseInt(arguments[1]), "ann", arguments[2]))
            .authorities(Path.of(arguments[3]));
    try {
      System.out.println(rig.client().viewer().entity());
    } catch (WandbFailure failure) {
      System.out.println(failure.kind() + " " + failure.getMessage());
    }
  }
}

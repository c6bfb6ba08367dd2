package dev.sweeprunner.host;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.SlurmTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The identity of this process: precise enough that another process of the same boot can prove its
 * death. Asks no name server.
 *
 * @param incarnation random id of this process
 * @param host the kernel's host name
 * @param machineId of the installation, or empty
 * @param bootId of the boot, or empty
 * @param pid within its namespace
 * @param pidStart clock ticks since boot, or empty where that is not known for sure
 * @param pidNamespace inode, or empty where that is not known for sure
 * @param user the user's name, or {@code uid-} and its number where it has none
 */
public record ThisProcess(
    String incarnation,
    String host,
    String machineId,
    String bootId,
    long pid,
    String pidStart,
    String pidNamespace,
    String user) {

  /** Reads this process's identity; what cannot be read stays empty and proves nothing. */
  public static ThisProcess read(Environment environment) {
    var proc = new Proc(Path.of("/proc"));
    long pid = ProcessHandle.current().pid();
    var machine = Proc.text(Path.of("/etc/machine-id"));
    return new ThisProcess(
        incarnation(proc),
        host(proc, environment),
        machine.isEmpty() ? Proc.text(Path.of("/var/lib/dbus/machine-id")) : machine,
        proc.text("sys/kernel/random/boot_id"),
        pid,
        proc.ownStart(pid),
        proc.pidNamespace(pid),
        user(environment));
  }

  /** This process as the owner of claims. */
  public Owner owner(String worker, String cluster, String device, @Nullable SlurmTask slurm) {
    return new Owner(
        incarnation,
        worker,
        cluster,
        host,
        machineId,
        bootId,
        pid,
        pidStart,
        pidNamespace,
        user,
        device,
        slurm);
  }

  /** The kernel's random id: Java's own generator takes a short command 20 ms to start. */
  private static String incarnation(Proc proc) {
    String random = proc.text("sys/kernel/random/uuid");
    return random.isEmpty() ? UUID.randomUUID().toString() : random;
  }

  private static String host(Proc proc, Environment environment) {
    var name = proc.text("sys/kernel/hostname");
    var known = name.isEmpty() ? environment.variable("HOSTNAME").orElse("localhost") : name;
    int dot = known.indexOf('.');
    return dot > 0 ? known.substring(0, dot) : known;
  }

  private static String user(Environment environment) {
    var name = environment.property("user.name", "?");
    if (!name.isBlank() && !name.equals("?")) {
      return name;
    }
    try {
      return "uid-" + Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException | RuntimeException unknown) {
      return "unknown";
    }
  }
}

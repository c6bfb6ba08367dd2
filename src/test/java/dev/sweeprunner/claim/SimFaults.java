package dev.sweeprunner.claim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Everything that a network file system may make of one call. */
@NullMarked
final class SimFaults {
  private SimFaults() {}

  /**
   * One possible course of a call.
   *
   * @param reply what the client is told
   * @param disk what the server then holds
   * @param faults how many faults that took
   * @param stale how many answers out of an old memory
   */
  record Course(SimReply reply, SimDisk disk, int faults, int stale) {}

  static List<Course> courses(
      SimDisk disk, SimClient client, SimCall call, SimRules rules, int faults, int stale) {
    List<Course> courses = new ArrayList<>(4);
    if (call.kind() == SimCall.Kind.LINK && !rules.links) {
      courses.add(new Course(SimReply.NO_LINKS, disk, 0, 0));
      return courses;
    }
    SimServer.Step truth = SimServer.apply(disk, call);
    courses.add(new Course(truth.reply(), truth.disk(), 0, 0));
    if (stale > 0) {
      SimReply old = client.stale(call, truth.reply());
      if (old != null) {
        courses.add(new Course(old, disk, 0, 1));
      }
    }
    if (faults > 0) {
      addFaults(courses, disk, call, truth);
    }
    return courses;
  }

  private static void addFaults(
      List<Course> courses, SimDisk disk, SimCall call, SimServer.Step truth) {
    fault(courses, SimReply.EIO, disk);
    switch (call.kind()) {
      case LIST -> fault(courses, SimReply.ESTALE, disk);
      case CREATE -> {
        fault(courses, SimReply.ENOSPC, disk);
        lost(courses, SimReply.EIO, truth);
      }
      case LINK -> {
        fault(courses, SimReply.EXISTS, disk); // out of a memory of a name that is gone
        lost(courses, SimReply.EXISTS, truth);
        lost(courses, SimReply.EIO, truth);
      }
      case TAKE -> {
        lost(courses, SimReply.EXISTS, truth);
        lost(courses, SimReply.EIO, truth);
      }
      case FILL -> {
        fault(courses, SimReply.ENOSPC, disk);
        fault(courses, SimReply.ENOSPC, SimServer.apply(disk, half(call)).disk());
        lost(courses, SimReply.EIO, truth);
      }
      case RENAME -> lost(courses, SimReply.MISSING, truth);
      case MAKE_FOLDERS, OPEN, DELETE, BEAT -> lost(courses, SimReply.EIO, truth);
      default -> {}
    }
  }

  private static SimCall half(SimCall call) {
    byte[] whole = call.content().bytes;
    return SimCall.of(
        call.kind(), call.path(), Arrays.copyOf(whole, whole.length / 2), call.number());
  }

  private static void fault(List<Course> courses, SimReply told, SimDisk disk) {
    courses.add(new Course(told, disk, 1, 0));
  }

  /** It worked, and the client is told otherwise. */
  private static void lost(List<Course> courses, SimReply told, SimServer.Step truth) {
    if (!truth.reply().failed()) {
      courses.add(new Course(told, truth.disk(), 1, 0));
    }
  }
}

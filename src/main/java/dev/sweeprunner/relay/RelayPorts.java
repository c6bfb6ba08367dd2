package dev.sweeprunner.relay;

import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.relay.files.ProgramFiles;
import dev.sweeprunner.relay.rows.ClaimBook;
import dev.sweeprunner.relay.rows.SideBooks;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Relay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the relay works with.
 *
 * @param layout says where a life's runs are kept
 * @param chance draws 40 lower-case hex digits from a source that nobody can foretell; any thread
 */
record RelayPorts(Layout layout, Clock clock, Supplier<String> chance, Books books, Stores stores) {

  /** Opens books: where what a client tells of a run is kept. */
  interface Books {
    /** The book of the claim's own run. */
    ClaimBook ofClaim(Relay.Opening opening) throws IOException;

    /** The books of the other runs that the program opens. */
    SideBooks beside(Relay.Opening opening) throws IOException;
  }

  /** Opens stores of a run's files and artifacts. */
  @FunctionalInterface
  interface Stores {
    /**
     * A store of one run in one life.
     *
     * @param opening of the life
     * @param folder below which everything is kept
     * @param address what stands before the path of every upload's URL
     * @param said takes a sentence for the user
     */
    ProgramFiles open(Relay.Opening opening, Path folder, String address, Consumer<String> said)
        throws IOException;
  }
}

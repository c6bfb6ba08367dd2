package dev.sweeprunner.relay;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.problem.Why;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * Takes one post to a run's stream: whole and written down, or not at all. Only a life that is over
 * is refused; any other refusal would end the client's stream for good. Belongs to one thread.
 */
final class Stream {
  private final LoopbackLife life;
  private final LiveRun run;
  private final Exchange exchange;

  Stream(LoopbackLife life, LiveRun run, Exchange exchange) {
    this.life = life;
    this.run = run;
    this.exchange = exchange;
  }

  /** Takes the post and answers. */
  void answer() throws IOException {
    run.heardOn(exchange.connection());
    long number = run.posts().begin();
    run.book().begun();
    try {
      life.holding(exchange, () -> take(number));
    } finally {
      run.book().ended();
    }
  }

  private void take(long number) throws IOException {
    StreamPost post;
    try {
      post = PostReader.read(new Body(exchange.body(), PostReader.MOST_BYTES, life::isOpen));
    } catch (Body.TooLarge e) {
      Body.drain(exchange.raw(), life::isOpen);
      leaveOut("A post of more than 64 MiB or a million lines to W&B was not kept.");
      return;
    } catch (UnreadableJson e) {
      Body.drain(exchange.raw(), life::isOpen);
      leaveOut("A post to W&B that is " + e.getMessage() + " was not kept.");
      return;
    } catch (Body.Revoked e) {
      Door.unauthorized(exchange);
      return;
    } catch (IOException brokenOff) {
      exchange.last();
      exchange.answer(HttpServletResponse.SC_REQUEST_TIMEOUT, Map.of());
      return;
    }
    write(post, number);
  }

  private void write(StreamPost post, long number) throws IOException {
    try {
      life.take(
          () -> {
            run.take(post, exchange.sharedWriter());
            life.took(post.rows());
            return run;
          });
    } catch (Body.Revoked e) {
      Door.unauthorized(exchange);
      return;
    } catch (IOException refused) {
      life.say("What the program logs cannot be written down, it keeps it: " + Why.at(refused));
      exchange.answer(HttpServletResponse.SC_SERVICE_UNAVAILABLE, Map.of());
      return;
    }
    run.posts().took(number);
    if (post.tooLong() > 0) {
      life.say("Lines of more than 10 MiB that the program logged were not kept.");
    }
    exchange.answer(HttpServletResponse.SC_OK, Map.of());
  }

  private void leaveOut(String sentence) throws IOException {
    life.say(sentence);
    exchange.answer(HttpServletResponse.SC_OK, Map.of());
  }
}

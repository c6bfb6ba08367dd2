package dev.sweeprunner.relay;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Clock;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where requests come in: finds out whose each is, holds it to its pace and hands it on. Any
 * thread.
 */
final class Door extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private static final int STRANGERS_PER_SECOND = 50;
  private static final int STRANGERS_AT_ONCE = 100;
  private static final int WAITING_STRANGERS = 8;
  private static final int TOO_MANY_REQUESTS = 429;

  private static final String FOREIGN_KEY =
      "The W&B key that this program shows is not the one that Sweep Runner gave it. It calls"
          + " wandb.login(key=...) or sets WANDB_API_KEY itself: take that out, or run the worker"
          + " with --relay off.";

  private final transient Lives lives;
  private final transient Pace strangers;

  Door(Lives lives, Clock clock) {
    this.lives = lives;
    this.strangers = new Pace(clock, STRANGERS_PER_SECOND, STRANGERS_AT_ONCE, WAITING_STRANGERS);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response) {
    try {
      serve(new Exchange(request, response));
    } catch (IOException gone) {
      // Nobody is left to be answered; a client that is there after all tries again.
      if (!response.isCommitted()) {
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      }
    }
  }

  private void serve(Exchange exchange) throws IOException {
    List<String> places = exchange.places();
    if (places.size() > 2 && exchange.path().startsWith(Uploads.PATH)) {
      upload(exchange, places.get(1));
    } else if (!exchange.method().equals("POST")) {
      page(exchange, places);
    } else {
      post(exchange, places);
    }
  }

  /** The life is over, or the key was never one. */
  static void unauthorized(Exchange exchange) throws IOException {
    exchange.last();
    exchange.answer(
        HttpServletResponse.SC_UNAUTHORIZED, Map.of("error", "this key is no longer taken"));
  }

  private void post(Exchange exchange, List<String> places) throws IOException {
    String key = exchange.key();
    LoopbackLife life = key == null ? null : lives.ofToken(key);
    boolean asks = places.equals(List.of("graphql"));
    if (life == null) {
      stranger(exchange, key, asks);
    } else if (!life.pace().take()) {
      tooMany(exchange);
    } else if (asks) {
      guarded(life, exchange, () -> new GraphQl(life, exchange).answer());
    } else if (places.size() == 5 && places.get(4).equals("file_stream")) {
      stream(exchange, life, places.get(3));
    } else {
      exchange.answer(HttpServletResponse.SC_NOT_FOUND, Map.of());
    }
  }

  private void stream(Exchange exchange, LoopbackLife life, String name) throws IOException {
    LiveRun run = life.runs().named(name);
    if (run == null || !run.described()) {
      life.say("The program posts to a run that it has not opened; nothing of that is kept.");
      Body.drain(exchange.raw(), life::isOpen);
      exchange.answer(HttpServletResponse.SC_NOT_FOUND, Map.of("error", "no such run here"));
      return;
    }
    guarded(life, exchange, () -> new Stream(life, run, exchange).answer());
  }

  private void upload(Exchange exchange, String place) throws IOException {
    int dash = place.indexOf('-');
    String number = dash < 0 ? place : place.substring(0, dash);
    LoopbackLife life = lives.numbered(number);
    LiveRun run = life == null ? null : life.runs().numbered(place.substring(number.length()));
    if (life == null || run == null) {
      exchange.last();
      exchange.answer(HttpServletResponse.SC_FORBIDDEN, Map.of());
      return;
    }
    if (!life.pace().take()) {
      tooMany(exchange);
      return;
    }
    String path = exchange.path().substring((Uploads.PATH + place).length());
    Uploads uploads = new Uploads(life, run, exchange, path);
    boolean gives = exchange.method().equals("GET");
    guarded(life, exchange, gives ? uploads::get : uploads::put);
  }

  /** A key that is none of ours; a program that goes on after its end is told so briefly. */
  private void stranger(Exchange exchange, @Nullable String key, boolean asks) throws IOException {
    if (!strangers.take()) {
      tooMany(exchange);
    } else if (key == null || !asks || lives.isFormer(key)) {
      unauthorized(exchange);
    } else {
      lives.all().forEach(life -> life.say(FOREIGN_KEY));
      exchange.answer(HttpServletResponse.SC_OK, Answers.refusal(FOREIGN_KEY));
    }
  }

  private static void tooMany(Exchange exchange) throws IOException {
    exchange.last();
    exchange.answer(TOO_MANY_REQUESTS, Map.of());
  }

  /** The address that clients print for a run: nothing is shown there but where the run is. */
  private void page(Exchange exchange, List<String> places) throws IOException {
    String name = places.get(places.size() - 1);
    for (LoopbackLife life : lives.all()) {
      LiveRun run = life.runs().named(name);
      if (run != null && places.size() == 4 && places.get(2).equals("runs")) {
        exchange.page(HttpServletResponse.SC_OK, life.whereItIs(run));
        return;
      }
    }
    exchange.page(HttpServletResponse.SC_NOT_FOUND, "No run of this worker is called so.\n");
  }

  /** An error of this program is told as one, and to the client as something that may pass. */
  private static void guarded(LoopbackLife life, Exchange exchange, LoopbackLife.Doing answering)
      throws IOException {
    try {
      answering.run();
    } catch (RuntimeException bug) {
      life.say("A request of the program to W&B could not be answered: " + Why.of(bug));
      exchange.last();
      exchange.answer(HttpServletResponse.SC_SERVICE_UNAVAILABLE, Map.of());
    }
  }
}

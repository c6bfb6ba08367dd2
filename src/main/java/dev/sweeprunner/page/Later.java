package dev.sweeprunner.page;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/**
 * An answer that a thread of the page gives, not the server's. Where the connection breaks, the
 * server takes the answer back and uses it for others: from then on nothing is written to it, and
 * the server waits until what is being written has ended. Any thread.
 */
final class Later implements AsyncListener {
  private final AsyncContext context;
  private boolean over;

  private Later(AsyncContext context) {
    this.context = context;
  }

  /** From now on this request is answered later. */
  static Later of(HttpServletRequest request) {
    AsyncContext context = request.startAsync();
    context.setTimeout(0);
    Later later = new Later(context);
    context.addListener(later);
    return later;
  }

  /** Writes some of an answer. */
  interface Writing {
    /** Does it. */
    void write() throws IOException;
  }

  /** Writes unless nobody is there any more; says whether somebody was. */
  synchronized boolean write(Writing writing) {
    if (over) {
      return false;
    }
    try {
      writing.write();
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  /** The answer is whole. */
  synchronized void end() {
    if (!over) {
      over = true;
      try {
        context.getResponse().getOutputStream().close();
        context.complete();
      } catch (IOException | IllegalStateException broken) {
        // The server has ended it, and is about to say so.
      }
    }
  }

  private synchronized void gone() {
    over = true;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    gone();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    gone();
  }

  @Override
  public void onError(AsyncEvent event) {
    gone();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // It is not begun again.
  }
}

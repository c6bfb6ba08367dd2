package dev.sweeprunner.web;

import java.util.function.IntConsumer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** Tells the port as soon as the server listens: it is a free one unless the user chose it. */
final class PortListener implements ApplicationListener<WebServerInitializedEvent> {
  private final IntConsumer port;

  PortListener(IntConsumer port) {
    this.port = port;
  }

  @Override
  public void onApplicationEvent(WebServerInitializedEvent event) {
    port.accept(event.getWebServer().getPort());
  }
}

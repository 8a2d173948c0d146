package com.dremio.dac.daemon;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.MetricsServlet;
import io.prometheus.client.hotspot.DefaultExports;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An executor as Ebb meets it: /live and /metrics on a server with four threads and an accept backlog of 1, and
 * Dremio's way of ending: the port first, then the wait for fragments, then the cluster. The file named by
 * -Debb.fragments holds how many fragments run.
 */
public final class DremioDaemon {
  private static final Path FRAGMENTS = Path.of(System.getProperty("ebb.fragments"));

  private static double fragments() {
    try {
      return Double.parseDouble(Files.readString(FRAGMENTS).trim());
    } catch (Exception e) {
      throw new IllegalStateException(e); // Micrometer turns it into NaN
    }
  }

  private static void say(String text) {
    System.out.println(text);
  }

  private static Server serve(PrometheusMeterRegistry registry) throws Exception {
    Server server = new Server(new QueuedThreadPool(4, 1));
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost(System.getProperty("services.web-admin.host", "127.0.0.1"));
    connector.setPort(Integer.getInteger("services.web-admin.port", 0));
    connector.setAcceptQueueSize(1);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new HttpServlet() {
      @Override
      protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_OK);
      }
    }), "/live");
    context.addServlet(new ServletHolder(new MetricsServlet(registry.getPrometheusRegistry())), "/metrics");
    server.setHandler(context);
    server.start();
    return server;
  }

  private static void close(Server server) {
    try {
      server.stop();
      say("Waiting for work to complete before shutdown.");
      long grace = Integer.getInteger("dremio.termination_grace_period_seconds", 5);
      for (long end = System.nanoTime() + grace * 1_000_000_000L; fragments() > 0 && System.nanoTime() < end;) {
        Thread.sleep(20);
      }
      say("Unregistering node with " + (int) fragments() + " fragments");
      Thread.sleep(1000);
      say("closed");
    } catch (Exception e) {
      say("close: " + e);
    }
  }

  public static void main(String[] args) throws Exception {
    for (String name : new String[] {"services.web-admin.port", "services.web-admin.host",
        "dremio.termination_grace_period_seconds"}) {
      say(name + "=" + System.getProperty(name));
    }
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    DefaultExports.register(registry.getPrometheusRegistry());
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    Gauge.builder("exec.fragments_active", DremioDaemon::fragments).register(registry);
    FunctionCounter.builder("exec.started_queries", FRAGMENTS, f -> 7).register(registry);
    FunctionCounter.builder("exec.ended_queries", FRAGMENTS, f -> 7).register(registry);
    Server server = serve(registry);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server), "shutdown-thread"));
    say("Dremio Daemon Started as worker");
    Thread.currentThread().join();
  }
}

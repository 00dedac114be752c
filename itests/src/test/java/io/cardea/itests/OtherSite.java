package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;

/** A site that is not Cardea's: it is at 127.0.0.1, which is another site to a browser that knows Cardea as localhost. */
final class OtherSite implements AutoCloseable {

    private final HttpServer server;

    OtherSite() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.start();
    }

    /** Where a page is with this in it. */
    String page(String body) {
        byte[] page = ("<!DOCTYPE html><title>Elsewhere</title>" + body).getBytes(UTF_8);
        server.createContext("/page", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html;charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/page";
    }

    /** Where a page is with a form that posts the query of a callback, as a provider's does with {@code form_post}. */
    String form(URI callback) {
        StringBuilder inputs = new StringBuilder();
        for (String parameter : callback.getRawQuery().split("&")) {
            String[] pair = parameter.split("=", 2);
            inputs.append(
                    "<input type='hidden' name='" + pair[0] + "' value='" + URLDecoder.decode(pair[1], UTF_8) + "'>");
        }
        String action = callback.toString().substring(0, callback.toString().indexOf('?'));
        return page("<form method='post' action='" + action + "'>" + inputs + "<button>Send</button></form>");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

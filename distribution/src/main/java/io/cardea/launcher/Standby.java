package io.cardea.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;

/**
 * Answers in place of Cardea while its own bundles are exchanged, and asks to come again in a moment: without it whoever
 * calls meanwhile would be told that there is nothing here. By reflection, for the launcher has no class of any bundle.
 */
final class Standby implements InvocationHandler {
    private static final String API = "org.apache.felix.http.servlet-api";
    private static final String SERVLET = "jakarta.servlet.Servlet";
    private static final byte[] ANSWER = ("{\"error\":\"temporarily_unavailable\",\"error_description\":"
                    + "\"Cardea is being updated and is back in a moment. Try again.\"}")
            .getBytes(StandardCharsets.UTF_8);
    private static final Map<String, String> HEADERS = Map.of(
            "Retry-After", "1",
            "Content-Type", "application/json",
            "Cache-Control", "no-store",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff");

    private final Class<?> response;

    private Standby(Class<?> response) {
        this.response = response;
    }

    /** Publishes the servlet, behind any that Cardea itself has. */
    static void begin(BundleContext framework) {
        Optional<Bundle> api = Arrays.stream(framework.getBundles())
                .filter(bundle -> API.equals(bundle.getSymbolicName()))
                .findFirst();
        if (api.isEmpty()) {
            return;
        }
        try {
            Class<?> servlet = api.get().loadClass(SERVLET);
            Class<?> response = api.get().loadClass("jakarta.servlet.http.HttpServletResponse");
            Object standby =
                    Proxy.newProxyInstance(servlet.getClassLoader(), new Class<?>[] {servlet}, new Standby(response));
            framework.registerService(
                    SERVLET,
                    standby,
                    FrameworkUtil.asDictionary(Map.of(
                            "osgi.http.whiteboard.servlet.pattern",
                            "/",
                            "osgi.http.whiteboard.servlet.name",
                            "standby",
                            Constants.SERVICE_RANKING,
                            Integer.MIN_VALUE)));
        } catch (ClassNotFoundException e) {
            throw new Refusal("The bundle " + API + " is not the one that Cardea was made for", e);
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "service" -> answer(arguments[1]);
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            case "equals" -> {
                return proxy == arguments[0];
            }
            case "toString", "getServletInfo" -> {
                return "Cardea, while it is being updated";
            }
            default -> {
                // Nothing to begin, and nothing to end.
            }
        }
        return null;
    }

    private void answer(Object to) throws ReflectiveOperationException, IOException {
        response.getMethod("setStatus", int.class).invoke(to, 503);
        Method header = response.getMethod("setHeader", String.class, String.class);
        for (Map.Entry<String, String> one : HEADERS.entrySet()) {
            header.invoke(to, one.getKey(), one.getValue());
        }
        OutputStream out = (OutputStream) response.getMethod("getOutputStream").invoke(to);
        out.write(ANSWER);
    }
}

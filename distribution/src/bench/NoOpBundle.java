import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** What Cardea is measured against: a whiteboard servlet with one and the same answer, a redirect or some JSON. */
public class NoOpBundle implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.pattern", "/no-op/login");
        int body = length(context, "No-Op-Body");
        HttpServlet servlet = body > 0
                ? new Json("{\"a\":\"" + "b".repeat(body - 8) + "\"}")
                : new Redirect("c".repeat(length(context, "No-Op-Cookie")), "l".repeat(length(context, "No-Op-Location")));
        context.registerService(Servlet.class, servlet, properties);
    }

    private static int length(BundleContext context, String header) {
        String length = context.getBundle().getHeaders().get(header);
        return length == null || length.isEmpty() ? 0 : Integer.parseInt(length);
    }

    @Override
    public void stop(BundleContext context) {}

    private static void privately(HttpServletResponse response, int status) {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    private static final class Redirect extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final String cookie;
        private final String location;

        Redirect(String cookie, String location) {
            this.cookie = cookie;
            this.location = location;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            privately(response, 302);
            response.addHeader("Set-Cookie", cookie);
            response.setHeader("Location", location);
        }
    }

    private static final class Json extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient byte[] body;

        Json(String body) {
            this.body = body.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            privately(response, 200);
            response.setContentType("application/json");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }
}

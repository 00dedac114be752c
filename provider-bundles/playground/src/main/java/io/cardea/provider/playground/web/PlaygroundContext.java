package io.cardea.provider.playground.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContext;

/** The corner of the HTTP server where the playground lives. */
@Component(service = ServletContextHelper.class, scope = ServiceScope.BUNDLE)
@HttpWhiteboardContext(name = PlaygroundContext.NAME, path = "/playground")
public final class PlaygroundContext extends ServletContextHelper {

    static final String NAME = "playground";
    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    @Activate
    public PlaygroundContext(BundleContext context) {
        super(context.getBundle());
    }

    /** Everybody may come in; every answer, whoever writes it, carries the headers. */
    @Override
    public boolean handleSecurity(HttpServletRequest request, HttpServletResponse response) {
        Answers.protect(response);
        return true;
    }

    @Override
    public String getMimeType(String name) {
        return name.endsWith(".css") ? "text/css; charset=utf-8" : "application/octet-stream";
    }
}

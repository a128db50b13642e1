using System.Diagnostics.Metrics;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Mail;

internal sealed class MailMetrics(IMeterFactory meters)
{
    private readonly Gauge<int> _returned = meters
        .Create("WpFarm.Orchestrator")
        .CreateGauge<int>("wpfarm.mail.returned", "{mail}", "Mails of a site that could not be delivered, came back and are kept");

    public void Returned(Site site, int count) => _returned.Record(count, new KeyValuePair<string, object?>("site", site.Id));
}

using System.Diagnostics.Metrics;

namespace WpFarm.Orchestrator.Certificates;

internal sealed class CertificateMetrics
{
    private readonly Counter<long> _orders;

    public CertificateMetrics(IMeterFactory meters, CertificateState state, TimeProvider time)
    {
        var meter = meters.Create("WpFarm.Orchestrator");
        _orders = meter.CreateCounter<long>(
            "wpfarm.certificate.orders",
            "{order}",
            "Certificates that an authority was asked for, by outcome"
        );
        meter.CreateObservableGauge(
            "wpfarm.certificate.remaining",
            () =>
                state
                    .Hosts.Where(host => host.NotAfter is not null)
                    .Select(host => Measure((host.NotAfter!.Value - time.GetUtcNow()).TotalSeconds, host)),
            "s",
            "Until a host's certificate expires; absent without a certificate"
        );
        meter.CreateObservableGauge(
            "wpfarm.certificate.served",
            () => state.Hosts.Select(host => Measure(host.Condition is CertificateCondition.Valid && host.Served is true ? 1 : 0, host)),
            description: "1: every edge serves a valid certificate for the host"
        );
    }

    public void Ordered(bool issued) => _orders.Add(1, new KeyValuePair<string, object?>("outcome", issued ? "issued" : "failed"));

    private static Measurement<double> Measure(double value, CertificateStatus host) =>
        new(value, new("host", host.Host), new("site", host.Site));
}

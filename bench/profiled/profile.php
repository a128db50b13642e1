<?php

/** Runs before each page: samples the page's functions 5,000 times a second, and at its end stores how often it saw each function. */

declare(strict_types=1);

(static function (): void {
    $profiler = new ExcimerProfiler();
    $profiler->setEventType(EXCIMER_REAL);
    $profiler->setPeriod(0.0002);
    $profiler->start();
    register_shutdown_function(static function () use ($profiler): void {
        register_shutdown_function(static function () use ($profiler): void {
            $profiler->stop();
            $log = $profiler->getLog();
            $page = ['samples' => $log->getEventCount(), 'functions' => $log->aggregateByFunction()];
            file_put_contents('/profile/pages/' . hrtime(true), json_encode($page, JSON_THROW_ON_ERROR));
        });
    });
})();

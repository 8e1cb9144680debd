//! The Python extension module of zendesk_csat
